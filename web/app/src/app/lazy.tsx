/** Pages come when they are wanted, each with its own style sheet. A page's module gives the component as
 * default, and may give `style`: the address of its sheet (`import style from "./x.css"`). */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

interface PageModule { default: ComponentType<PageProps>; style?: string | string[] }
export interface PageProps { params: Record<string, string> }

const sheets = new Map<string, Promise<void>>();
export function loadStyle(address: string): Promise<void> {
  let found = sheets.get(address);
  if (!found) {
    found = new Promise((done) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = address;
      link.onload = () => done();
      link.onerror = () => { sheets.delete(address); link.remove(); done(); };
      document.head.append(link);
    });
    sheets.set(address, found);
  }
  return found;
}

export function lazy(load: () => Promise<PageModule>): ComponentType<PageProps> {
  let ready: PageModule | null = null;
  return function Lazy(props) {
    const [, redraw] = useState(0);
    const [failed, setFailed] = useState<unknown>(null);
    useEffect(() => {
      if (ready) return;
      let gone = false;
      load()
        .then(async (module) => {
          await Promise.all([module.style ?? []].flat().map(loadStyle));
          ready = module;
        })
        .then(() => gone || redraw((n) => n + 1), (error) => gone || setFailed(error));
      return () => { gone = true; };
    }, []);
    if (failed) throw failed;
    if (!ready) return <div class="page-wait" aria-busy="true" />;
    const Page = ready.default;
    return <Page {...props} />;
  };
}
