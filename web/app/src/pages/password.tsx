/** A password that can be looked at, and how good it is in words. */
import { useState } from "preact/hooks";
import { t } from "../lang/lang";
import { Button, Field, Icon } from "../ui";

export const PASSWORD_LEAST = 10;
export const PASSWORD_MOST = 200;

/** null when it will do. */
export function passwordFault(password: string, about: string[] = []): string | null {
  if ([...password].length < PASSWORD_LEAST) return t("At least {n} characters: four words in a row are easy to remember.", { n: PASSWORD_LEAST });
  if ([...password].length > PASSWORD_MOST) return t("At most {n} characters.", { n: PASSWORD_MOST });
  if (new Set(password).size < 4) return t("Too few different characters.");
  const plain = password.toLowerCase();
  if (about.some((a) => a.length > 3 && plain === a.toLowerCase())) return t("Not the name or the address: others would try it first.");
  return null;
}

export function PasswordField(p: { label: string; value: string; onInput: (value: string) => void; autocomplete: string; error?: string | null; note?: string }) {
  const [shown, setShown] = useState(false);
  return (
    <div class="password">
      <Field {...p} type={shown ? "text" : "password"} required maxLength={PASSWORD_MOST} />
      <Button kind="quiet" small pressed={shown} icon={<Icon name="eye" />} label={shown ? t("Hide the password") : t("Show the password")} onClick={() => setShown(!shown)} />
    </div>
  );
}
