#!/bin/sh
# Chromium and Chinese fonts for the browser tests: by apt as root where they are missing, else a plain message.
have_browser() { [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }
have_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn 2>/dev/null | head -n 1)" ]; }
have_browser && have_font && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  echo "Installing chromium and fonts-noto-cjk with apt for the browser tests ..."
  apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null 2>&1 && exit 0
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null && exit 0
fi
echo "浏览器测试需要 Chromium 和中文字体，请先安装： apt install chromium fonts-noto-cjk（或把浏览器路径写进环境变量 CHROMIUM）"
echo "The browser tests need Chromium and a Chinese font: apt install chromium fonts-noto-cjk (or set CHROMIUM to a browser's path)"
exit 4
