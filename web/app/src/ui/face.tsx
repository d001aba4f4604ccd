/** A feeling, −2 … +2: a face whose mouth says it without the colour. */
import { signed } from "../lang/format";
import { t } from "../lang/lang";

export function valenceClass(valence: number): string {
  return "v" + (valence <= -1.2 ? 0 : valence <= -0.4 ? 1 : valence < 0.4 ? 2 : valence < 1.2 ? 3 : 4);
}
/** very bad … very good */
export function valenceWord(valence: number): string {
  const words = [t("very bad"), t("bad"), t("so-so"), t("good"), t("very good")];
  return words[Number(valenceClass(valence)[1])]!;
}

/** The inside of the face, to be put in an SVG of one's own; centre at 0 0, radius 12. */
export function FaceShape({ valence }: { valence: number }) {
  const v = Math.max(-2, Math.min(2, valence)), bend = v * 1.7;
  return (
    <g class={"face " + valenceClass(valence)}>
      <circle r="12" class="face-skin" />
      <circle cx="-4" cy="-2.600" r="1.500" class="face-eye" />
      <circle cx="4" cy="-2.600" r="1.500" class="face-eye" />
      <path d={`M-5 ${4.4 - bend * 0.45}Q0 ${4.4 + bend * 1.2} 5 ${4.4 - bend * 0.45}`} class="face-mouth" />
    </g>
  );
}
export function Face({ valence, size = 24, label }: { valence: number | null | undefined; size?: number; label?: string }) {
  if (valence === null || valence === undefined)
    return <svg class="face-none" width={size} height={size} viewBox="-13 -13 26 26" role="img" aria-label={label ?? t("no feeling given")}><circle r="11.200" /></svg>;
  return (
    <svg width={size} height={size} viewBox="-13 -13 26 26" role="img" aria-label={label ?? `${valenceWord(valence)}, ${signed(valence)}`}>
      <FaceShape valence={valence} />
    </svg>
  );
}
