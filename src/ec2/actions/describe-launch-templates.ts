import { action } from '../action'
import { filterBy } from '../filters/filter'
import { launchTemplateFilters } from '../filters/launch-template-filters'
import { page, refusePagingOfNamed } from '../paging'
import { templatesAsked } from '../templates/asked'
import { showTemplate } from '../templates/show'

/** DescribeLaunchTemplates: the caller's. */
export const describeLaunchTemplates = action(
  'DescribeLaunchTemplates',
  {
    LaunchTemplateIds: 'honoured',
    LaunchTemplateNames: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    // No service of ours makes templates.
    IncludeManagedResources: 'ignored',
  },
  async (input, context) => {
    const { LaunchTemplateIds: ids, LaunchTemplateNames: names } = input
    refusePagingOfNamed(ids, input.MaxResults, 'LaunchTemplateId')
    const { things, next } = page(
      await templatesAsked({ ids, names }, context),
      filterBy(input.Filters, launchTemplateFilters, context),
      input,
      {
        action: 'DescribeLaunchTemplates',
        min: 1,
        max: 200,
        idOf: ({ wish }) => wish.template,
        madeAt: ({ wish }) => wish.createdAt,
      },
      context,
    )
    return { LaunchTemplates: things.map((template) => showTemplate(template, context)), NextToken: next }
  },
)
