/**
 * BullMQ's closing now and then never ends when the server went away and came back before it (seen with 6.7.0). A process that
 * ends must not wait for that: what is still open ends with it, and a job that was cut off is looked at again by another.
 */
export async function closeInTime(closing: Promise<unknown>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs)
  })
  try {
    await Promise.race([closing, late])
  } finally {
    clearTimeout(timer)
  }
}
