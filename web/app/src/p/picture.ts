// A phone's photo is larger than a proof may be: it is made smaller here, before it goes. What stands in the photo beside
// the picture (where and when it was taken) does not go with it then.
export const MOST_BYTES = 2 * 1024 * 1024;
const SIDES = [2000, 1400, 900];

/** The file as it is where it fits; a picture made smaller; null: too large, and no picture. */
export async function fitting(file: File): Promise<File | null> {
  if (file.size <= MOST_BYTES) return file;
  if (!file.type.startsWith("image/")) return null;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  for (const side of SIDES) {
    const share = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * share));
    canvas.height = Math.max(1, Math.round(picture.height * share));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (made && made.size <= MOST_BYTES) return new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  }
  return null;
}
