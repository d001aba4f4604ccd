/** The frame of a page: its title in the tab, its h1 with focus on arrival, actions at the right. */
import { Component, type ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../lang/lang";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/parts";
import { arrived } from "./router";

export function useTitle(title: string): void {
  useEffect(() => { document.title = title ? `${title} · Viaggio` : "Viaggio"; }, [title]);
}

let focused = 0; // the arrival whose h1 has had the focus
export function Page({ title, heading, sub, actions, children, full }: { title: string; heading?: ComponentChildren; sub?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren; full?: boolean }) {
  const h1 = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => {
    if (focused === arrived.value) return;
    focused = arrived.value;
    scrollTo(0, 0);
    h1.current?.focus({ preventScroll: true });
  }, [arrived.value]);
  return (
    <div class={"page" + (full ? " full" : "")}>
      <header class="page-head">
        <div class="page-title">
          <h1 ref={h1} tabIndex={-1}>{heading ?? title}</h1>
          {sub && <p class="page-sub">{sub}</p>}
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function NotFound() {
  return (
    <Page title={t("Nothing is here")}>
      <EmptyState title={t("This address leads nowhere")} actions={<Button kind="primary" href="/">{t("To the maps")}</Button>}>
        <p>{t("The link may be old, or what it led to has been deleted.")}</p>
      </EmptyState>
    </Page>
  );
}

/** A fault in one page leaves the rest standing. */
export class ErrorBoundary extends Component<{ children: ComponentChildren; at: string }, { error: unknown; at: string }> {
  override state = { error: null as unknown, at: "" };
  override componentDidCatch(error: unknown) {
    console.error(error);
    this.setState({ error, at: this.props.at });
  }
  override render() {
    const { error, at } = this.state;
    if (!error || at !== this.props.at) return this.props.children;
    const chunk = /import|module|fetch/i.test(String(error)) && /dynamically|load/i.test(String(error));
    return (
      <div class="page">
        <EmptyState title={chunk ? t("Viaggio has been renewed") : t("Something went wrong on this page")}
          actions={<><Button kind="primary" onClick={() => location.reload()}>{t("Load the page again")}</Button><Button href="/">{t("To the maps")}</Button></>}>
          <p>{chunk ? t("The server has a newer version, or could not be reached. Load the page again.") : t("What you saved is safe. If it comes back, tell whoever looks after Viaggio:")}</p>
          {!chunk && <p><code>{error instanceof Error ? error.message : String(error)}</code></p>}
        </EmptyState>
      </div>
    );
  }
}
