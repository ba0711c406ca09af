/** What a new tenant may begin with: the image and the type that an order gets that names none. */
import { z } from 'zod'
import type { AdminClient } from './admin-client'

const marked = { default: z.boolean() }
const images = z.object({ images: z.array(z.object({ ami: z.string(), ...marked })) })
const types = z.object({ types: z.array(z.object({ name: z.string(), ...marked })) })
const zones = z.object({ zones: z.array(z.object({ name: z.string() })) })

/** Asks the gateway; '' where the site has none. */
export async function defaultOffers(admin: AdminClient): Promise<{ imageId: string; instanceType: string }> {
  const image = images.parse(await admin.get('/images')).images
  const type = types.parse(await admin.get('/types')).types
  return {
    imageId: (image.find((it) => it.default) ?? image[0])?.ami ?? '',
    instanceType: (type.find((it) => it.default) ?? type[0])?.name ?? '',
  }
}

/** The site's region: its zones' names without their letter. undefined while it has no zone. */
export async function regionOf(admin: AdminClient): Promise<string | undefined> {
  return zones.parse(await admin.get('/zones')).zones[0]?.name.slice(0, -1)
}
