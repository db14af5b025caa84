import { renderToString } from "react-dom/server";
import { Page } from "./document.jsx";

export const render = async () => renderToString(<Page />);
