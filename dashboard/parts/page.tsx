import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Boundary } from "./boundary.tsx";

/**
 * A page: `<main>` with its head, and beside it the drawer if one is open. Sets the document's title.
 * @param props.title the h1; also the document's title unless `name` says otherwise
 * @param props.meta range and zone, or a count: small, beside the title
 * @param props.tools buttons at the right end of the head
 * @param props.crumb a line above the title (a link back to the list)
 * @param props.drawer an open `<Drawer>`, else null: the page then makes room for it
 * @param props.fluid true for pages that use the whole width (tables with a drawer)
 */
export function Page(props: {
  title: ComponentChildren;
  name?: string;
  meta?: ComponentChildren;
  tools?: ComponentChildren;
  crumb?: ComponentChildren;
  drawer?: ComponentChildren;
  fluid?: boolean;
  children: ComponentChildren;
}) {
  const { title, name, meta, tools, crumb, drawer, fluid, children } = props;
  const called = name ?? (typeof title === "string" ? title : "");
  useEffect(() => {
    document.title = called === "" ? "Ringtrail" : `${called} · Ringtrail`;
  }, [called]);
  return (
    <div class={drawer ? "stage has-drawer" : "stage"}>
      <main id="main" tabIndex={-1}>
        <div class={fluid ? undefined : "wide"}>
          <div class="page-head">
            {crumb && <p class="crumb">{crumb}</p>}
            <h1>{title}</h1>
            {meta && <span class="meta">{meta}</span>}
            {tools && <div class="tools">{tools}</div>}
          </div>
          <Boundary what="This page">{children}</Boundary>
        </div>
      </main>
      {drawer}
    </div>
  );
}

/**
 * A section with its h2. A fault inside stays inside.
 * @param props.title the heading, `hidden` if the content says it by itself
 * @param props.aside a sentence beside the heading
 */
export function Section(props: {
  id: string;
  title: string;
  hidden?: boolean;
  aside?: ComponentChildren;
  tools?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { id, title, hidden, aside, tools, children } = props;
  const heading = <h2 id={`h-${id}`}>{title}</h2>;
  return (
    <section aria-labelledby={`h-${id}`}>
      {hidden ? (
        <div class="vh">{heading}</div>
      ) : (
        <div class="sec-head">
          {heading}
          {aside && <p>{aside}</p>}
          {tools && <div class="tools">{tools}</div>}
        </div>
      )}
      <Boundary what={title}>{children}</Boundary>
    </section>
  );
}
