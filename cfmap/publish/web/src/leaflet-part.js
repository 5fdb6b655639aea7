/** The part of Leaflet that our own page uses; pages with layers of an analyst's carry all of it. */
// @ts-nocheck -- Leaflet's own modules have no types; what they make is typed as `L` everywhere else
import { Control, control } from "leaflet/src/control/Control.js";
import { Scale, scale } from "leaflet/src/control/Control.Scale.js";
import * as Util from "leaflet/src/core/Util.js";
import Browser from "leaflet/src/core/Browser.js";
import * as DomEvent from "leaflet/src/dom/DomEvent.js";
import * as DomUtil from "leaflet/src/dom/DomUtil.js";
import * as Projection from "leaflet/src/geo/projection/index.js";
import { CRS } from "leaflet/src/geo/crs/index.js";
import { LatLng, toLatLng as latLng } from "leaflet/src/geo/LatLng.js";
import { LatLngBounds, toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
import { Bounds, toBounds as bounds } from "leaflet/src/geometry/Bounds.js";
import { Point, toPoint as point } from "leaflet/src/geometry/Point.js";
import { Layer } from "leaflet/src/layer/Layer.js";
import { Icon } from "leaflet/src/layer/marker/Icon.js";
import { Marker, marker } from "leaflet/src/layer/marker/Marker.js";
import { GridLayer } from "leaflet/src/layer/tile/GridLayer.js";
import { TileLayer } from "leaflet/src/layer/tile/TileLayer.js";
import { Map, map } from "leaflet/src/map/index.js";

Control.Scale = Scale;
control.scale = scale;
window.L = { Bounds, Browser, CRS, Control, DomEvent, DomUtil, GridLayer, Icon, LatLng, LatLngBounds, Layer, Map, Marker, Point, Projection, TileLayer, Util, bounds, control, latLng, latLngBounds, map, marker, point };
