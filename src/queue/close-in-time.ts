/**
 * Waits for what ends, but no longer than that: a process that is told to end does not wait for a job whose host answers late. What
 * is cut off is looked at again by another.
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
