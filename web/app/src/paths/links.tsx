/** The private links to a client's own page: made, shown once, revoked. */
import { useState } from "preact/hooks";
import { api } from "../api/client";
import { forget } from "../api/use";
import { date } from "../lang/format";
import { lang, t, tn } from "../lang/lang";
import { Button, Chip, Dialog, Icon, openDialog, Select, toast, toastProblem } from "../ui";
import { enrolmentPath } from "./client";
import { pathsChanged } from "./page";
import type { Link, WholeClient } from "./shapes";

export function openLinks(id: string, client: WholeClient): Promise<void | undefined> {
  return openDialog<void>((done) => <Links id={id} c={client} done={done} />);
}
function Links({ id, c, done }: { id: string; c: WholeClient; done: () => void }) {
  const [days, setDays] = useState("90"), [tongue, setTongue] = useState<"it" | "en">(lang.value), [busy, setBusy] = useState(false);
  const [made, setMade] = useState<string | null>(null), [list, setList] = useState<Link[]>(c.links);
  const make = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const link = (await api.post<Link>(enrolmentPath(id, "/links"), { days: Number(days), lang: tongue })).data;
      setMade(new URL(link.link ?? "", location.origin).href);
      setList([{ ...link, opened: link.opened ?? 0, over: false }, ...list]);
      forget("/enrolments");
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const revoke = async (link: Link) => {
    try {
      await api.delete(enrolmentPath(id, "/links/" + encodeURIComponent(link.id)));
      setList(list.map((l) => (l.id === link.id ? { ...l, over: true } : l)));
      setMade(null);
      pathsChanged();
    } catch (error) {
      toastProblem(error);
    }
  };
  const now = new Date().toISOString();
  return (
    <Dialog title={t("{name}’s own page", { name: c.customer })} onClose={done} footer={<Button onClick={done}>{t("Close")}</Button>}>
      <p class="quiet">{t("A private link for the phone: the path, the next step, done, a proof, how it feels, a message. No account, no password; notes and states stay here.")}</p>
      <div class="form-row">
        <Select label={t("Ends after")} value={days} onChange={setDays} options={["30", "90", "180", "365"].map((d) => ({ value: d, label: tn(Number(d), "{n} day", "{n} days") }))} />
        <Select label={t("Language")} value={tongue} onChange={(l) => setTongue(l as "it" | "en")} options={[{ value: "it", label: "Italiano" }, { value: "en", label: "English" }]} />
      </div>
      <div><Button kind="primary" busy={busy} icon={<Icon name="link" />} onClick={() => void make()}>{t("Make the link")}</Button></div>
      {made && (
        <div class="link-made" role="status">
          <p><b>{t("Shown only now: copy it, and send it to {name}.", { name: c.customer })}</b></p>
          <p class="link-text"><code>{made}</code></p>
          <div class="row"><Button small icon={<Icon name="copy" size={16} />} onClick={() => void navigator.clipboard.writeText(made).then(() => toast(t("Copied.")), toastProblem)}>{t("Copy")}</Button><Button small icon={<Icon name="eye" size={16} />} href={made} >{t("Look at it")}</Button></div>
        </div>
      )}
      {list.length > 0 && (
        <ul class="lines">
          {list.map((l) => {
            const over = l.over || l.expires < now;
            return <li key={l.id}><div><span>{over ? <Chip>{t("over")}</Chip> : <Chip tone="good">{t("until {day}", { day: date(l.expires) })}</Chip>} <span class="note">{l.opened ? tn(l.opened, "opened {n} time", "opened {n} times") : t("never opened")}</span></span>{!over && <Button small kind="danger" onClick={() => void revoke(l)}>{t("Revoke")}</Button>}</div></li>;
          })}
        </ul>
      )}
    </Dialog>
  );
}
