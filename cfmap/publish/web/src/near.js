/** Where is the reader: by the phone, else by a tap on the map or, without a finger, by its middle. */
import { el } from "./dom.js";
import { t } from "./i18n.js";

const PATIENCE_MS = 8000;

/**
 * @param {import("leaflet").Map} map
 * @param {{found: (place: {lat: number, lon: number}) => void, say: (text: string) => void, inside: (lat: number, lon: number) => boolean}} doors
 */
export function nearMe(map, { found, say, inside }) {
  const box = map.getContainer();
  let stopAsking = () => {};
  const ask = (/** @type {string} */ why) => {
    box.classList.add("placing");
    box.focus({ preventScroll: true }); // arrow keys move the map under the cross in its middle
    say(t(why) + (box.matches(":focus-visible") ? t("placeByKeys") : ""));
    const stop = () => {
      box.classList.remove("placing");
      say("");
      map.off("click", byTap);
      box.removeEventListener("keydown", byKey);
    };
    const place = (/** @type {import("leaflet").LatLng} */ at) => {
      stop();
      found({ lat: at.lat, lon: at.lng });
    };
    const byTap = (/** @type {import("leaflet").LeafletMouseEvent} */ event) => place(event.latlng);
    const byKey = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") stop();
      else if (event.key === "Enter" && event.target === box) {
        event.stopImmediatePropagation(); // the map answers to Enter otherwise
        place(map.getCenter());
      }
    };
    map.on("click", byTap);
    box.addEventListener("keydown", byKey);
    stopAsking = stop;
  };
  return () => {
    stopAsking();
    if (!navigator.geolocation) return ask("tapToPlace");
    say(t("locating"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (!inside(coords.latitude, coords.longitude)) return ask("outside");
        say("");
        found({ lat: coords.latitude, lon: coords.longitude });
      },
      () => ask("tapToPlace"),
      { timeout: PATIENCE_MS, maximumAge: 60000 },
    );
  };
}

/** @param {{lat: number, lon: number}} place @returns {import("leaflet").Marker} */
export function hereMarker(place) {
  const Holder = L.Icon.extend({ createIcon: () => el("div", { class: "holder here", role: "img", "aria-label": t("here") }, el("span", {})), createShadow: () => null });
  return L.marker([place.lat, place.lon], { icon: new /** @type {any} */ (Holder)(), interactive: false, keyboard: false, zIndexOffset: 900 });
}
