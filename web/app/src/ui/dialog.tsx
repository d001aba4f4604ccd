/** Dialogs are the browser's own <dialog>: focus stays inside, Escape closes, the page behind is inert. */
import type { ComponentChildren } from "preact";
import { Fragment } from "preact";
import { signal } from "@preact/signals";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../lang/lang";
import { Button } from "./button";
import { Field } from "./field";
import { Icon } from "./icons";

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  footer?: ComponentChildren;
  wide?: boolean;
  side?: boolean; // a drawer at the right edge
  onSubmit?: () => void; // makes the whole a form: Enter in a field does it
  guarded?: boolean; // what was typed is not thrown away by Escape or a click beside it without a question
}

export function Dialog({ title, onClose, children, footer, wide, side, onSubmit, guarded }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null), id = useId(), typed = useRef(false);
  const close = useRef(onClose);
  close.current = () => {
    if (!guarded || !typed.current) return onClose();
    void confirm({ title: t("Close without keeping it?"), text: t("What was typed here would be lost."), yes: t("Throw it away"), danger: true }).then((yes) => { if (yes) onClose(); });
  };
  // What is wrong has the keys at once, so that it is heard and put right.
  const submit = () => {
    onSubmit!();
    requestAnimationFrame(() => requestAnimationFrame(() => box.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()));
  };
  useEffect(() => {
    const dialog = box.current!, before = document.activeElement as HTMLElement | null;
    dialog.showModal();
    (dialog.querySelector<HTMLElement>("[autofocus]") ?? dialog.querySelector<HTMLElement>(".dialog-body :is(input,textarea,select):not(.hidden,:disabled,[tabindex='-1'])") ?? dialog).focus();
    const cancel = (e: Event) => { e.preventDefault(); close.current(); };
    dialog.addEventListener("cancel", cancel);
    return () => {
      dialog.removeEventListener("cancel", cancel);
      if (dialog.open) dialog.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  const content = (
    <>
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button kind="quiet" small icon={<Icon name="close" />} label={t("Close")} onClick={() => close.current()} />
      </div>
      <div class="dialog-body">{children}</div>
      {footer && <div class="dialog-foot">{footer}</div>}
    </>
  );
  return (
    <dialog ref={box} class={["dialog", wide && "wide", side && "side"].filter(Boolean).join(" ")} aria-labelledby={id} tabIndex={-1}
      onPointerDown={(e) => { if (e.target === box.current) close.current(); }} onKeyDown={(e) => e.stopPropagation()} onInput={() => { typed.current = true; }}>
      {onSubmit ? <form class="dialog-inside" noValidate onSubmit={(e) => { e.preventDefault(); submit(); }}>{content}</form> : <div class="dialog-inside">{content}</div>}
    </dialog>
  );
}

const opened = signal<{ key: number; draw: () => ComponentChildren }[]>([]);
let next = 1;
/** Shows a dialog from anywhere; settles with what `done` is given (undefined when it is put away). It is
 * drawn in the page's own tree (<Dialogs />), so that ids stay unique. */
export function openDialog<T>(draw: (done: (value?: T) => void) => ComponentChildren): Promise<T | undefined> {
  return new Promise((settle) => {
    const key = next++;
    const done = (value?: T) => {
      opened.value = opened.value.filter((d) => d.key !== key);
      settle(value);
    };
    opened.value = [...opened.value, { key, draw: () => draw(done) }];
  });
}
export function Dialogs() {
  return <>{opened.value.map((d) => <Fragment key={d.key}>{d.draw()}</Fragment>)}</>;
}

/** A question before what cannot be taken back; danger names the deed on a red button. */
export async function confirm(options: { title: string; text: ComponentChildren; yes: string; danger?: boolean }): Promise<boolean> {
  return (await openDialog<boolean>((done) => (
    <Dialog title={options.title} onClose={() => done(false)} footer={
      <>
        <Button onClick={() => done(false)}>{t("Cancel")}</Button>
        <Button kind={options.danger ? "danger" : "primary"} onClick={() => done(true)}>{options.yes}</Button>
      </>
    }>{typeof options.text === "string" ? <p>{options.text}</p> : options.text}</Dialog>
  ))) ?? false;
}

/** One line of text, asked for: undefined when put away. */
export function ask(options: { title: string; label: string; value?: string; yes: string; note?: string; required?: boolean }): Promise<string | undefined> {
  function Ask({ done }: { done: (value?: string) => void }) {
    const [value, setValue] = useState(options.value ?? "");
    const empty = options.required !== false && !value.trim();
    return (
      <Dialog title={options.title} onClose={() => done()} onSubmit={() => !empty && done(value.trim())} footer={
        <>
          <Button onClick={() => done()}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" disabled={empty}>{options.yes}</Button>
        </>
      }><Field label={options.label} value={value} note={options.note} onInput={setValue} /></Dialog>
    );
  }
  return openDialog<string>((done) => <Ask done={done} />);
}
