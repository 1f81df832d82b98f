using AkkaScale.Domain.Tasks;

namespace AkkaScale.Domain.TaskBuckets;

/// <summary>What a bucket tells its tasks, and itself.</summary>
public static class TaskBucketMessages
{
    /// <param name="before">The state that the event changed.</param>
    public static IEnumerable<Message> Of(TaskBucketState before, TaskBucketEvent e, string id) => e switch
    {
        // Created or moved in a race with archiving: the edge had asked the project before it was archived.
        TaskAdmitted admitted when before.Archived => [Freeze(admitted.Task, id)],

        // The last word to a task that leaves: without it, one that comes back could meet an old "frozen" under way.
        TaskDismissed dismissed when before.MayBeFrozen(dismissed.Task) => [Unfreeze(dismissed.Task, id)],
        TasksTold told => Tell(before, told.Through, id),
        _ => [],
    };

    private static IEnumerable<Message> Tell(TaskBucketState before, string through, string id)
    {
        foreach (var task in before.Tasks.After(before.Told ?? ""))
        {
            if (string.CompareOrdinal(task, through) > 0)
            {
                yield return new Message(TaskBucketEntity.Kind, id, new ContinueTelling(before.Round, through));
                yield break;
            }

            yield return before.Archived ? Freeze(task, id) : Unfreeze(task, id);
        }
    }

    private static Message Freeze(string task, string bucket) =>
        new(TaskEntity.Kind, task, new FreezeTask(TaskBucketId.ProjectOf(bucket)));

    private static Message Unfreeze(string task, string bucket) =>
        new(TaskEntity.Kind, task, new UnfreezeTask(TaskBucketId.ProjectOf(bucket)));
}
