import { renderToString } from "vue/server-renderer";
import { createPage } from "./vue.js";

export const render = () => renderToString(createPage());
