/**
 * The page's style sheets. They are constructable sheets because the sealed page's
 * Content Security Policy blocks `<style>` elements and `style` attributes.
 */
export const styleSheets: CSSStyleSheet[] = [];

/** Adds a component's style sheet, in the order in which components are imported. */
export function adopt(css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  styleSheets.push(sheet);
}
