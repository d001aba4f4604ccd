/** Calls to other programs (webhooks of playbooks): whether this server makes any, the key that signs them, the last. */
import { useState } from "preact/hooks";
import { api } from "../api/client";
import { forget, useApi } from "../api/use";
import type * as wire from "../api/wire";
import { dateTime } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Button, Card, Chip, confirm, Icon, Skeleton, Table, toast, toastProblem, Trouble } from "../ui";

export function Webhooks() {
  const answer = useApi<wire.Webhooks>("/webhooks"), data = answer.data;
  const [key, setKey] = useState(""), [busy, setBusy] = useState(false);
  if (answer.error && !data) return <Trouble error={answer.error} onRetry={answer.reload} />;
  if (!data) return <Skeleton lines={6} height={30} />;
  const renew = async () => {
    if (data.has_secret && !(await confirm({ title: t("Make a new key?"), text: t("The old one is void at once: whoever checks the calls needs the new one."), yes: t("Make a new key"), danger: true }))) return;
    setBusy(true);
    try {
      setKey((await api.post<wire.WebhookSecret>("/webhooks/secret")).data.secret);
      forget("/webhooks");
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Card title={t("Calls to other programs")}>
        <p class="quiet lead">{t("When a client needs somebody, a playbook of a path can call another program over https. It is told who, where on the path and why.")}</p>
        <p>{data.allowed ? <Chip tone="good">{t("allowed")}</Chip> : <><Chip>{t("not allowed")}</Chip> <span class="note">{t("The server makes no calls until it is started with --allow-webhooks.")}</span></>}</p>
      </Card>
      <Card title={t("The key that signs them")}>
        <p class="quiet lead">{t("Each call bears the header X-Viaggio-Signature: the time, and HMAC-SHA256 of time, full stop and body, made with this key. Who knows the key can tell a true call from a false one.")}</p>
        {key ? (
          <div class="link-made" role="status">
            <p><b>{t("Shown only now: copy it to the program that is called.")}</b></p>
            <p class="link-text"><code>{key}</code></p>
            <div class="row"><Button small icon={<Icon name="copy" size={16} />} onClick={() => void navigator.clipboard.writeText(key).then(() => toast(t("Copied.")), toastProblem)}>{t("Copy")}</Button><Button small onClick={() => setKey("")}>{t("I have it")}</Button></div>
          </div>
        ) : <p>{data.has_secret ? t("There is a key. It is not shown again: make a new one if it is lost.") : t("There is no key yet: it is made here, or with the first call.")}</p>}
        <div class="below"><Button kind={data.has_secret ? "plain" : "primary"} busy={busy} onClick={() => void renew()}>{data.has_secret ? t("Make a new key") : t("Make the key")}</Button></div>
      </Card>
      <Card title={t("The last calls")}>
        {!data.deliveries.length ? <p class="quiet">{t("None yet.")}</p> : (
          <Table caption={t("The last calls")} hideCaption rows={data.deliveries} rowKey={(d) => String(d.id)} columns={[
            { key: "at", title: t("When"), class: "nowrap", cell: (d) => dateTime(d.at) },
            { key: "url", title: t("To"), head: true, cell: (d) => <code>{d.url}</code> },
            { key: "state", title: t("State"), cell: (d) => <>{d.state === "sent" ? <Chip tone="good">{t("delivered")}</Chip> : d.state === "waiting" ? <Chip tone="warn">{t("waits")}</Chip> : <Chip tone="bad">{t("failed")}</Chip>} <span class="note">{[d.answer, tn(d.tries, "{n} try", "{n} tries"), d.next && t("again {when}", { when: dateTime(d.next) })].filter(Boolean).join(" · ")}</span></> },
          ]} />
        )}
      </Card>
    </>
  );
}
