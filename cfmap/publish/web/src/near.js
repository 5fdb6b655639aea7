/** Where is the reader: by the phone, else by a tap on the map. */
import { el } from "./dom.js";
import { t } from "./i18n.js";

const PATIENCE_MS = 8000;

/**
 * @param {import("leaflet").Map} map
 * @param {{found: (place: {lat: number, lon: number}) => void, say: (text: string) => void, inside: (lat: number, lon: number) => boolean}} doors
 */
export function nearMe(map, { found, say, inside }) {
  const box = map.getContainer();
  const ask = (/** @type {string} */ why) => {
    say(t(why));
    box.classList.add("placing");
    map.once("click", (event) => {
      box.classList.remove("placing");
      say("");
      found({ lat: event.latlng.lat, lon: event.latlng.lng });
    });
  };
  return () => {
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
