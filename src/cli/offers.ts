/** What a new tenant is told beside its credentials: where the site is, and what an order gets that names no image or type. */
import { z } from 'zod'
import type { AdminClient } from './admin-client'
import { endpoints, type Session } from './session'

const marked = { default: z.boolean() }
const images = z.object({ images: z.array(z.object({ ami: z.string(), ...marked })) })
const types = z.object({ types: z.array(z.object({ name: z.string(), ...marked })) })
const site = z.object({ region: z.string(), publicUrl: z.string().nullable() })

export type SiteTold = Pick<Session, 'occiUrl' | 'ec2Url' | 'region'>

/** Asks the gateway; '' where the site has none. */
export async function defaultOffers(admin: AdminClient): Promise<{ imageId: string; instanceType: string }> {
  const image = images.parse(await admin.get('/images')).images
  const type = types.parse(await admin.get('/types')).types
  return {
    imageId: (image.find((it) => it.default) ?? image[0])?.ami ?? '',
    instanceType: (type.find((it) => it.default) ?? type[0])?.name ?? '',
  }
}

/** The site's region and the endpoints of its fronts: where it is public, else where `url` reaches it. */
export async function siteOf(admin: AdminClient, { url }: { readonly url: string }): Promise<SiteTold> {
  const { region, publicUrl } = site.parse(await admin.get('/site'))
  return { ...endpoints(publicUrl ?? url), region }
}
