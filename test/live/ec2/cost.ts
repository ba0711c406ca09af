/** What `npm run live:ec2` can cost at most, whatever the region. Pure. */

/** The smallest types; others are not taken, for nothing here knows what they cost. */
export const TYPES = ['t3.nano', 't3a.nano', 't4g.nano', 't2.nano', 't3.micro', 't4g.micro', 't2.micro'] as const
export type SmallType = (typeof TYPES)[number]

/** An image with larger disks is refused. */
export const MOST_DISK_GIB = 30

/** Each of the two starts counts as a whole hour; all of it is over, or given up and ended, in half an hour. */
const HOURS = 2

/** Thousandths of a US dollar an hour, rounded up from the dearest region's list price for any of the types. */
export const HOURLY: readonly { readonly what: string; readonly mills: number }[] = [
  { what: 'the machine', mills: 20 },
  { what: 'processor credits of two cores that are busy all the time', mills: 100 },
  { what: 'a public address', mills: 5 },
  { what: `disks of ${MOST_DISK_GIB} GiB`, mills: 10 },
]

/** US dollars, whole cents. */
export const MOST_USD = Math.ceil((HOURLY.reduce((sum, { mills }) => sum + mills, 0) * HOURS) / 10) / 100

/** What is told of it, a line each. */
export const costLines: readonly string[] = [
  ...HOURLY.map(({ what, mills }) => `  ${(mills / 1000).toFixed(3)} USD an hour: ${what}`),
  `  counted for ${HOURS} hours: ${MOST_USD.toFixed(2)} USD at most`,
]
