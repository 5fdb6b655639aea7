"""Messages about finding addresses (43x)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

_KEPT = "已经查到的都留着，再运行一次就从停下的地方接着查；核对表 output/geocode.xlsx 里是已查到的"
_KEPT_EN = "what was found is kept, and the next run goes on from there; output/geocode.xlsx holds what is known"

MESSAGES: dict[str, Message] = {
    "E430": Message(
        what=("查地址要用的 geopy 没有安装", "geopy, which looks addresses up, is not installed"),
        why=("只有 cfmap geocode 用得到它，所以不随 cfmap 一起装", "only cfmap geocode needs it, so it does not come with cfmap"),
        how=('运行 pip install "cfmap[geocode]"', 'run pip install "cfmap[geocode]"'),
    ),
    "E431": Message(
        what=("没有{service}的密钥", "there is no key for {service_en}"),
        why=(
            "环境变量 {variable} 是空的；密钥只从环境变量读，不写进任何文件",
            "environment variable {variable} is empty; keys are read from the environment alone",
        ),
        how=(
            "向{service}申请“服务端（Web 服务）”密钥，运行前设好 {variable}，例如 set {variable}=您的密钥",
            "apply for a key of the server (web service) kind and set {variable} before the run",
        ),
    ),
    "E432": Message(
        what=("{service}不接受这个密钥", "{service_en} does not accept the key"),
        why=("服务说：{detail}", "the service says: {detail}"),
        how=(
            f"核对环境变量 {{variable}}：要“服务端（Web 服务）”类型的密钥，并在它的控制台里允许地理编码和本机的 IP；{_KEPT}",
            f"check environment variable {{variable}}: a key of the server kind, allowed to geocode from this computer's address; {_KEPT_EN}",
        ),
    ),
    "E433": Message(
        what=("{service}的用量已经用完", "the quota of {service_en} is used up"),
        why=("服务说：{detail}", "the service says: {detail}"),
        how=(
            f"明天再运行，或换一个服务；{_KEPT}（密钥在 {{variable}}）",
            f"run again tomorrow or ask another service; {_KEPT_EN} (its key is in {{variable}})",
        ),
    ),
    "E434": Message(
        what=("{service}没有给出回答", "{service_en} gave no answer"),
        why=("向 {host} 问了 {tries} 次；最后一次：{reason_zh}", "asked {host} {tries} times; the last time: {reason_en}"),
        how=(f"检查网络和代理，过一会儿再运行；{_KEPT}", f"check network and proxy and run again later; {_KEPT_EN}"),
    ),
    "E435": Message(
        what=("{host} 要把请求转到别的地方，没有跟过去", "{host} sends the request elsewhere, which was not followed"),
        why=("它指向 {there}；跟过去，密钥和地址就会交给没有说好的服务器", "it points to {there}; key and address would go to a server that nobody agreed to"),
        how=("核对 [geocoding] url；要登录的网络（例如酒店、访客网）先登录", "check [geocoding] url; log in first where the network asks for it"),
    ),
    "E436": Message(
        what=("没有可以采用的核对表", "there is no review workbook to take from"),
        why=("要先查、再核对、再采用", "look up first, then review, then accept"),
        how=(
            "先运行 cfmap geocode --backend …，打开 output/geocode.xlsx 在“采用?”列选“采用”",
            "run cfmap geocode --backend … first and choose 采用 in output/geocode.xlsx",
        ),
    ),
    "E437": Message(
        what=("核对表的这一行不能采用", "this row of the review workbook cannot be accepted"),
        why=("经度、纬度、坐标系或编号不是一个位置", "longitude, latitude, datum and id do not make a position"),
        how=("把它们改对，或把“采用?”清空", "mend them, or clear the first column"),
    ),
    "E438": Message(
        what=("查了 {minutes} 分钟还没查完，先停下", "stopped after {minutes} minutes, not all is looked up"),
        why=("总时限到了", "the total time limit is reached"),
        how=(f"再运行一次；{_KEPT}", f"run again; {_KEPT_EN}"),
    ),
    "E439": Message(
        what=("这不是查到的坐标的表", "this is not the table of positions found"),
        why=("它应是 UTF-8 的 CSV，列为：{columns}", "it should be a CSV in UTF-8 with the columns {columns}"),
        how=("删掉它，重新运行 cfmap geocode --accept", "delete it and run cfmap geocode --accept again"),
    ),
    "W430": Message(
        what=("一个存下的回答读不出来，重新查", "a kept answer cannot be read and is asked for again"),
        how=("不用做什么", "nothing to be done"),
    ),
    "W431": Message(
        what=("这一行不是一个位置，没有用", "this row is not a position and was not used"),
        how=("改对经度、纬度和坐标系（wgs84、cgcs2000、gcj02、bd09），或删掉这一行", "mend longitude, latitude and datum, or delete the row"),
    ),
    "W432": Message(
        what=(
            "有 {count} 处没有拿去查：像是个人住址或含个人信息",
            "{count} sites were not looked up: the text looks like a private address or holds personal data",
        ),
        why=("个人住址不发给任何网站", "private addresses are sent to nobody"),
        how=("确是单位的，请把地址写到门牌为止（不写单元、室），再查", "for an institution write the address down to the house number only, and run again"),
    ),
    "I430": Message(
        what=(
            "{layer}：有 {count} 处的坐标取自 {source}（按地址查到、已核对采用）",
            "{layer_en}: {count} sites take their coordinates from {source} (found by address, reviewed)",
        ),
    ),
}
