declare module "findandreplacedomtext" {
  export default function findAndReplaceDOMText(
    root: Element,
    options: {
      find: RegExp;
      preset?: "prose";
      replace(portion: { text: string; indexInMatch: number }, match: RegExpExecArray): string;
    },
  ): void;
}
