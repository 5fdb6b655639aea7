/** Where is the reader: by the phone, else by a tap on the map or, without a finger, by its middle. */
import { degrees } from "./decode.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";

const PATIENCE_MS = 8000;

const MARGIN = 0.05; // degrees, some 5 km, round the outermost sites
const DENIED = 1; // PERMISSION_DENIED

/**
 * Whether a place belongs to this map: no farther out than its outermost sites and a walk.
 * @param {import("./data.js").Sites} sites @param {import("./types").Meta} meta
 * @returns {(lat: number, lon: number) => boolean}
 */
export function around(sites, { bounds }) {
  let [west, south, east, north] = bounds.map(degrees);
  for (let row = 0; row < sites.count; row++) {
    if (!sites.placed(row)) continue;
    [west, east] = [Math.min(west, sites.lon[row]), Math.max(east, sites.lon[row])];
    [south, north] = [Math.min(south, sites.lat[row]), Math.max(north, sites.lat[row])];
  }
  return (lat, lon) => lat > south - MARGIN && lat < north + MARGIN && lon > west - MARGIN && lon < east + MARGIN;
}

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
    if (!window.isSecureContext) return ask("notSecure");
    if (!navigator.geolocation) return ask("tapToPlace");
    say(t("locating"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (!inside(coords.latitude, coords.longitude)) return ask("outside");
        say("");
        found({ lat: coords.latitude, lon: coords.longitude });
      },
      ({ code }) => ask(code === DENIED ? "notAllowed" : "tapToPlace"),
      { timeout: PATIENCE_MS, maximumAge: 60000 },
    );
  };
}

/** @param {{lat: number, lon: number}} place @returns {import("leaflet").Marker} */
export function hereMarker(place) {
  const Holder = L.Icon.extend({ createIcon: () => el("div", { class: "holder here", role: "img", "aria-label": t("here") }, el("span", {})), createShadow: () => null });
  return L.marker([place.lat, place.lon], { icon: new /** @type {any} */ (Holder)(), interactive: false, keyboard: false, zIndexOffset: 900 });
}
