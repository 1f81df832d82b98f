using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Tasks;

/// <summary>
/// What happened to a task. A name with its version is stored with every event: never change one, add the next version.
/// </summary>
/// <param name="By">Who did it.</param>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TaskCreatedV1), "created")]
[JsonDerivedType(typeof(TaskCreated), "created@2")]
[JsonDerivedType(typeof(TaskRenamed), "renamed")]
[JsonDerivedType(typeof(TaskDescribed), "described")]
[JsonDerivedType(typeof(TaskPrioritized), "prioritized")]
[JsonDerivedType(typeof(TaskScheduled), "scheduled")]
[JsonDerivedType(typeof(TaskLabelled), "labelled")]
[JsonDerivedType(typeof(TaskAssigned), "assigned")]
[JsonDerivedType(typeof(TaskUnassigned), "unassigned")]
[JsonDerivedType(typeof(TaskCommented), "commented")]
[JsonDerivedType(typeof(TaskStarted), "started")]
[JsonDerivedType(typeof(TaskCompleted), "completed")]
[JsonDerivedType(typeof(TaskReopened), "reopened")]
[JsonDerivedType(typeof(TaskMoved), "moved")]
[JsonDerivedType(typeof(TaskDeleted), "deleted")]
[JsonDerivedType(typeof(TaskFrozen), "frozen")]
[JsonDerivedType(typeof(TaskUnfrozen), "unfrozen")]
[JsonDerivedType(typeof(TaskReminded), "reminded")]
public abstract record TaskEvent(string By);

/// <summary>Before tasks had a priority, labels and a due date. Read, never written.</summary>
public sealed record TaskCreatedV1(string Project, string Title, string By, string? Description = null) : TaskEvent(By);

public sealed record TaskCreated(
    string Project,
    string Title,
    Priority Priority,
    LabelSet Labels,
    string By,
    string? Description = null,
    DateTimeOffset? Due = null) : TaskEvent(By);

public sealed record TaskRenamed(string Title, string By) : TaskEvent(By);

/// <param name="Description">Null: it has none any more.</param>
public sealed record TaskDescribed(string By, string? Description = null) : TaskEvent(By);

public sealed record TaskPrioritized(Priority Priority, string By) : TaskEvent(By);

/// <param name="Due">Null: it has none any more.</param>
public sealed record TaskScheduled(string By, DateTimeOffset? Due = null) : TaskEvent(By);

/// <param name="Added">Labels the task did not have.</param>
/// <param name="Removed">Labels it had; none of them is in <paramref name="Added"/>.</param>
public sealed record TaskLabelled(LabelSet Added, LabelSet Removed, string By) : TaskEvent(By);

public sealed record TaskAssigned(string User, string By) : TaskEvent(By);

public sealed record TaskUnassigned(string By) : TaskEvent(By);

/// <summary>The only place where the text is kept: the state counts comments, readers take them from the journal.</summary>
public sealed record TaskCommented(string Text, string By) : TaskEvent(By);

public sealed record TaskStarted(string By) : TaskEvent(By);

public sealed record TaskCompleted(string By) : TaskEvent(By);

public sealed record TaskReopened(string By) : TaskEvent(By);

public sealed record TaskMoved(string Project, string By) : TaskEvent(By);

public sealed record TaskDeleted(string By) : TaskEvent(By);

/// <summary>Its project was archived: it takes no change.</summary>
public sealed record TaskFrozen(string By) : TaskEvent(By);

public sealed record TaskUnfrozen(string By) : TaskEvent(By);

/// <param name="Due">The due time that came.</param>
public sealed record TaskReminded(DateTimeOffset Due, string By) : TaskEvent(By);
