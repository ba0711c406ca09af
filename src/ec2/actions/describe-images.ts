import { type ImageRecord, isPublic } from '../../model/records'
import { action, type Ec2Context } from '../action'
import { filterBy } from '../filters/filter'
import { imageFilters } from '../filters/image-filters'
import { page, refusePagingOfNamed } from '../paging'
import { imagesAsked } from '../resources/images'
import { imageOwner, showImage } from '../show/image'

/** `self`, the alias `amazon` of the site's public images, or an account id. Other aliases own nothing here. */
const isOwnedBy =
  (owners: readonly string[] | undefined, context: Ec2Context) =>
  (image: ImageRecord): boolean =>
    owners === undefined ||
    owners.length === 0 ||
    owners.some((owner) =>
      owner === 'self'
        ? image.project === context.caller.project
        : owner === 'amazon'
          ? image.project === null
          : owner === imageOwner(image, context),
    )

/** `all`: public images; `self` or the caller's account: those that others shared with it by name. */
const isRunnableBy =
  (users: readonly string[] | undefined, { caller }: Ec2Context) =>
  (image: ImageRecord): boolean => {
    if (users === undefined || users.length === 0) return true
    const asked = (user: string): boolean => users.includes(user)
    if (asked('all') && isPublic(image)) return true
    const named = image.project !== caller.project && (image.wish.sharedWith ?? []).includes(caller.account)
    return named && (asked('self') || asked(caller.account))
  }

/** DescribeImages: the site's public images, the caller's own, and those shared with it. */
export const describeImages = action(
  'DescribeImages',
  {
    ImageIds: 'honoured',
    Owners: 'honoured',
    ExecutableUsers: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    IncludeDeprecated: 'ignored',
    IncludeDisabled: 'ignored',
  },
  async (input, context) => {
    refusePagingOfNamed(input.ImageIds, input.MaxResults, 'ImageId')
    const matches = filterBy(input.Filters, imageFilters, context)
    const owned = isOwnedBy(input.Owners, context)
    const runnable = isRunnableBy(input.ExecutableUsers, context)
    const { things, next } = page(
      await imagesAsked(input.ImageIds, context),
      (image) => owned(image) && runnable(image) && matches(image),
      input,
      {
        action: 'DescribeImages',
        min: 1,
        max: 1000,
        idOf: (image) => image.id,
        madeAt: (image) => image.wish.createdAt,
      },
      context,
    )
    return { Images: things.map((image) => showImage(image, context)), NextToken: next }
  },
)
