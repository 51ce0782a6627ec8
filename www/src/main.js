// The dashboard. What the elements of the package look like holds for the page, too: they share their parts.
import { styles } from "../../pkg/element/styles.js";
import "./frame/app.js";

document.adoptedStyleSheets = [/** @type {CSSStyleSheet} */ (styles.styleSheet)];
