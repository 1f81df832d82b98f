namespace AkkaScale.Domain.TaskBuckets;

/// <summary>
/// The rules of a bucket: it knows which tasks are in its project and sees to it that they learn when the project is archived and when it is restored.
/// Commands are idempotent by state, and none is refused: whoever sent one has already done what it tells.
/// </summary>
/// <remarks>
/// A bucket tells its tasks in steps, and between two steps it sends itself a message. One step for all would write as many messages as there are tasks in
/// one transaction, for which every other command of the shard waits.
/// </remarks>
public static class TaskBucketEntity
{
    public const string Kind = "projectTasks";

    /// <summary>Changes when a stored <see cref="TaskBucketState"/> can no longer be read; then the events are folded anew.</summary>
    public const int StateVersion = 1;

    /// <summary>Events between two snapshots: more than usual, since one is as large as the bucket.</summary>
    public const int SnapshotEvery = 500;

    /// <summary>Tasks told in one step.</summary>
    public const int StepTasks = 500;

    public static Decision<TaskBucketEvent> Decide(TaskBucketState state, TaskBucketCommand command, in DomainContext context)
    {
        var by = context.ActingUser;
        return command switch
        {
            GetTaskBucket => Decision<TaskBucketEvent>.Unchanged,
            AdmitTask c => Unless(state.Tasks.Contains(c.Task), new TaskAdmitted(c.Task, by)),
            DismissTask c => Unless(!state.Tasks.Contains(c.Task), new TaskDismissed(c.Task, by)),
            ArchiveBucket => state.Archived ? Decision<TaskBucketEvent>.Unchanged : Turn(state, new BucketArchived(by)),
            RestoreBucket => state.Archived ? Turn(state, new BucketRestored(by)) : Decision<TaskBucketEvent>.Unchanged,
            ContinueTelling c => c.Round == state.Round && c.After == state.Told && LastOfStep(state.Tasks, c.After) is { } last
                ? new TasksTold(last, by)
                : Decision<TaskBucketEvent>.Unchanged,
            _ => throw new ArgumentException($"{command.GetType().Name} is no command that a bucket knows.", nameof(command)),
        };
    }

    public static TaskBucketState Evolve(TaskBucketState state, TaskBucketEvent e, long sequenceNr, DateTimeOffset at) => Upcast(e) switch
    {
        TaskAdmitted a => state with { Tasks = state.Tasks.With(a.Task) },
        TaskDismissed d => Settle(state with { Tasks = state.Tasks.Without(d.Task) }),
        BucketArchived => Settle(state with { Archived = true, Round = state.Round + 1, Told = "" }),
        BucketRestored => Settle(state with { Archived = false, Round = state.Round + 1, Told = "" }),
        TasksTold t => Settle(state with { Told = t.Through }),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no event that a bucket knows."),
    };

    /// <summary>The event as the latest version of its kind; so far every event has one version.</summary>
    public static TaskBucketEvent Upcast(TaskBucketEvent e) => e;

    public static TaskBucketView View(TaskBucketState state, string id, long version) =>
        new(id, version, TaskBucketId.ProjectOf(id), state.Archived, state.Told is null, state.Tasks.Count);

    /// <summary>Archived or restored, and the first step of the round at once: most buckets are no larger.</summary>
    private static Decision<TaskBucketEvent> Turn(TaskBucketState state, TaskBucketEvent turned) => LastOfStep(state.Tasks, "") is { } last
        ? Decision<TaskBucketEvent>.Accept(turned, new TasksTold(last, turned.By))
        : turned;

    private static string? LastOfStep(TaskIdSet tasks, string after) => tasks.After(after).Take(StepTasks).LastOrDefault();

    /// <summary>A round is over when nobody is left behind the last one told.</summary>
    private static TaskBucketState Settle(TaskBucketState state) =>
        state.Told is { } told && !state.Tasks.After(told).Any() ? state with { Told = null } : state;

    private static Decision<TaskBucketEvent> Unless(bool nothingToChange, TaskBucketEvent e) =>
        nothingToChange ? Decision<TaskBucketEvent>.Unchanged : e;
}
