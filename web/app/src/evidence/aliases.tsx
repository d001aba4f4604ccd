// One person under several names (an e-mail, a phone, a code): joined here, and taken apart again.
import { useState } from "preact/hooks";
import { api } from "../api/client";
import { useApi } from "../api/use";
import type { List } from "../api/types";
import { may } from "../app/session";
import { date } from "../lang/format";
import { t } from "../lang/lang";
import type { CustomerList } from "../reality/people-drawer";
import { Button, Card, Combo, Icon, toast, toastProblem } from "../ui";
import { evidenceChanged } from "../reality/fresh";

interface Alias { main: string; other: string; name?: string | null; at?: string | null }

export const separate = (name: string): Promise<unknown> => api.delete(`/aliases`, { query: { name } }).then(() => evidenceChanged());
export async function join(main: string, other: string): Promise<boolean> {
  try {
    await api.post("/aliases", { main, other });
    evidenceChanged();
    toast(t("“{other}” and “{main}” are one customer now.", { main, other }), { undo: () => separate(other).then(() => undefined) });
    return true;
  } catch (error) {
    toastProblem(error);
    return false;
  }
}

/** A field that knows the customers' names. */
export function NameField({ label, value, onInput, not }: { label: string; value: string; onInput: (value: string) => void; not?: string }) {
  const found = useApi<CustomerList>("/customers", { q: value, limit: 20 });
  return <Combo label={label} value={value} onInput={onInput} options={(found.data?.items ?? []).map(({ name }) => name).filter((name) => name !== not)} placeholder={t("name, e-mail, phone or code")} />;
}

export function Aliases() {
  const aliases = useApi<List<Alias> | Alias[]>("/aliases");
  const [main, setMain] = useState(""), [other, setOther] = useState(""), [busy, setBusy] = useState(false);
  const list = Array.isArray(aliases.data) ? aliases.data : aliases.data?.items ?? [];
  const canWrite = may("editor");
  if (!canWrite && list.length === 0) return null;
  const put = async () => {
    setBusy(true);
    if (await join(main.trim(), other.trim())) { setMain(""); setOther(""); aliases.reload(); }
    setBusy(false);
  };
  return (
    <Card title={t("The same person under several names")}>
      <p class="note">{t("The CRM knows a code, the switchboard a phone number, the reviews an e-mail. Join them and the journey is one.")}</p>
      {canWrite && (
        <form class="joining" onSubmit={(event) => { event.preventDefault(); if (main.trim() && other.trim()) void put(); }}>
          <NameField label={t("This customer")} value={main} onInput={setMain} not={other} />
          <NameField label={t("is also called")} value={other} onInput={setOther} not={main} />
          <Button type="submit" busy={busy} disabled={!main.trim() || !other.trim() || main.trim() === other.trim()} icon={<Icon name="link" size={16} />}>{t("Join")}</Button>
        </form>
      )}
      {list.length > 0 && (
        <ul class="lines">
          {list.map((alias) => (
            <li key={alias.other}>
              <div>
                <span><a href={`/customer?name=${encodeURIComponent(alias.main)}`}>{alias.main}</a> = {alias.other} <span class="note">{[alias.name, alias.at && date(alias.at)].filter(Boolean).join(" · ")}</span></span>
                {canWrite && <Button small kind="quiet" icon={<Icon name="undo" size={16} />} label={t("Take “{main}” and “{other}” apart", { main: alias.main, other: alias.other })}
                  onClick={() => void separate(alias.other).then(() => { aliases.reload(); toast(t("They are two customers again."), { undo: () => join(alias.main, alias.other).then(() => aliases.reload()) }); }, toastProblem)}>{t("Take apart")}</Button>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
