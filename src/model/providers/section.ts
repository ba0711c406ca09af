/** What an order's section comes to at one provider: pure. */
import type { ProviderKind, ProviderWish } from './record'
import { partsOf, SECTION_KEYS, type Section, type Sections } from './template'

/** What of a provider sections are held against. */
export interface Offering {
  /** Absent: no section is for it. */
  readonly kind?: string
  readonly types: readonly { readonly name: string }[]
  /** Our image's record id to the provider's id of it. */
  readonly images: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, string>>
  readonly allowed?: Readonly<Record<string, readonly string[]>>
}

export const offeringOf = (
  kind: string,
  { settings, allowed }: ProviderWish,
): Pick<Offering, 'kind' | 'settings' | 'allowed'> => ({
  kind,
  settings,
  ...(allowed === undefined ? {} : { allowed }),
})

export const sectionFor = (sections: Sections | undefined, { kind }: Pick<Offering, 'kind'>): Section =>
  sections?.[kind as ProviderKind] ?? {}

/** Any value of a key is allowed. */
export const ANY = '*'

/** What it names that cannot be had there, in words; undefined: all of it can. */
export function lackingThere(section: Section, offering: Offering): string | undefined {
  const { kind, types, images, settings = {}, allowed = {} } = offering
  const keys = SECTION_KEYS[kind as ProviderKind] ?? {}
  for (const [name, value] of Object.entries(section)) {
    if (name === 'type' && !types.some((type) => type.name === value))
      return `the type ${value}, which it does not offer`
    if (name === 'image' && !Object.values(images).includes(value)) return `the image ${value}, which is not registered`
    if (keys[name]?.taken !== 'allowed') continue
    const open = allowed[name] ?? []
    const own = partsOf(settings[name])
    const refused = partsOf(value).find((part) => !own.includes(part) && !open.includes(part) && !open.includes(ANY))
    if (refused !== undefined) return `the ${name} ${refused}, which its operator does not allow`
  }
  return undefined
}

/** The provider's own id of what a machine starts from there: its section's, else that of its image; undefined: it has none. */
export const imageThere = (
  image: string | null,
  sections: Sections | undefined,
  offering: Pick<Offering, 'kind' | 'images'>,
): string | undefined => sectionFor(sections, offering).image ?? (image === null ? undefined : offering.images[image])

/** By kind of provider, the one type that it takes there; undefined: any. */
export function typesNamed(sections: Sections | undefined): Readonly<Record<string, string>> | undefined {
  const named = Object.entries(sections ?? {}).flatMap(([kind, section]) =>
    section?.type === undefined ? [] : [[kind, section.type] as const],
  )
  return named.length === 0 ? undefined : Object.fromEntries(named)
}
