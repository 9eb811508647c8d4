import type { ConsentRequest } from '../world/consents.ts'

/** The name of the checkbox for the place that one reaches by those positions. */
export const fieldOf = (path: readonly number[]): string => `allow.${path.join('.')}`

/** The trees without what the person declined: optional places whose checkbox the form does not carry, and all below them. */
export function withoutDeclined(
  consents: readonly ConsentRequest[],
  form: ReadonlyMap<string, string>,
  path: readonly number[] = [],
): readonly ConsentRequest[] {
  return consents.flatMap((consent, index) => {
    const place = [...path, index]
    // The value names the scope, so that a form made for other trees cannot allow what nobody saw.
    if (consent.optional && form.get(fieldOf(place)) !== consent.scope.scopeString) return []
    return [{ ...consent, dependencies: withoutDeclined(consent.dependencies, form, place) }]
  })
}
