import "./style/main.css";
// Makes components follow the signals they read.
import "@preact/signals";
import { render } from "preact";
import { ErrorBoundary } from "preact-iso/lazy";
import { LocationProvider, Route, Router, useLocation } from "preact-iso/router";
import { Boundary } from "./parts/boundary.tsx";
import lazy from "./parts/fetched.tsx";
import { NotFound, preloadPage, ROUTES } from "./routes.ts";
import { Shell } from "./shell.tsx";

const Invitation = lazy(() => import("./pages/invitation.tsx"));
const SignIn = lazy(() => import("./pages/sign-in.tsx"));

/** Where our own pages end: these paths are the server's, links to them leave the dashboard. */
const OURS = /^\/(?!(api|auth|v1|t|tag|c|demo|docs|__local)(\/|$|\?))/;

/** A new page begins at its top, also for who reads by keyboard or by ear. */
function arrive(): void {
  document.getElementById("main")?.focus({ preventScroll: true });
}

function Inside() {
  return (
    <Shell>
      <Router onRouteChange={arrive}>
        {ROUTES.map(({ path, component }) => (
          <Route key={path} path={path} component={component} />
        ))}
        <Route default component={NotFound} />
      </Router>
    </Shell>
  );
}

/** Sign-in and invitations stand outside the house: everything else needs to know who is there. */
function Door() {
  const { path } = useLocation();
  if (path === "/invitation") return <Invitation />;
  return path === "/sign-in" ? <SignIn /> : <Inside />;
}

function App() {
  return (
    <LocationProvider scope={OURS}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Boundary what="The dashboard">
        <ErrorBoundary>
          <Door />
        </ErrorBoundary>
      </Boundary>
    </LocationProvider>
  );
}

preloadPage(location.pathname);
const root = document.getElementById("app");
if (root) render(<App />, root);
