import { App } from "./react.jsx";

/** A page whose whole document is React's, as in Next's app router and Remix. */
export function Page() {
  return (
    <html lang="en">
      <head>
        <title>Plumber</title>
      </head>
      <body>
        <App />
      </body>
    </html>
  );
}
