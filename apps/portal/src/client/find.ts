type Kind<Element> = abstract new () => Element

export function find(within: ParentNode, selector: string): HTMLElement
export function find<Element>(within: ParentNode, selector: string, kind: Kind<Element>): Element
/** An element that the portal's page has. */
export function find(within: ParentNode, selector: string, kind: Kind<unknown> = HTMLElement): unknown {
  const element = within.querySelector(selector)
  if (!(element instanceof kind)) throw new TypeError(`The page has no ${selector}.`)
  return element
}
