declare module "*.css" {
  const address: string;
  export default address;
}
declare module "lang:it" {
  const words: Record<string, string | string[]>;
  export default words;
}
/** Only what the client's own page says. */
declare module "lang:p" {
  const words: Record<string, string | string[]>;
  export default words;
}
