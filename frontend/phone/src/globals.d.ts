declare const __APP_VERSION__: string;

declare module "*.po" {
  const translated: import("./words").Translated;
  export default translated;
}
