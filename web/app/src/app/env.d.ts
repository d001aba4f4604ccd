declare module "*.css" {
  const address: string;
  export default address;
}
declare module "lang:it" {
  const words: Record<string, string | string[]>;
  export default words;
}
