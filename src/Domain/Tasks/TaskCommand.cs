using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Tasks;

/// <summary>Everything that can be asked of a task. The names are part of the wire between nodes: never change one.</summary>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(CreateTask), "create")]
[JsonDerivedType(typeof(RenameTask), "rename")]
[JsonDerivedType(typeof(DescribeTask), "describe")]
[JsonDerivedType(typeof(PrioritizeTask), "prioritize")]
[JsonDerivedType(typeof(ScheduleTask), "schedule")]
[JsonDerivedType(typeof(LabelTask), "label")]
[JsonDerivedType(typeof(AssignTask), "assign")]
[JsonDerivedType(typeof(UnassignTask), "unassign")]
[JsonDerivedType(typeof(CommentOnTask), "comment")]
[JsonDerivedType(typeof(StartTask), "start")]
[JsonDerivedType(typeof(CompleteTask), "complete")]
[JsonDerivedType(typeof(ReopenTask), "reopen")]
[JsonDerivedType(typeof(MoveTask), "move")]
[JsonDerivedType(typeof(DeleteTask), "delete")]
[JsonDerivedType(typeof(GetTask), "get")]
[JsonDerivedType(typeof(FreezeTask), "freeze")]
[JsonDerivedType(typeof(UnfreezeTask), "unfreeze")]
[JsonDerivedType(typeof(RemindTask), "remind")]
public abstract record TaskCommand;

/// <summary>Again with the values the task has now: unchanged; with others: task/exists.</summary>
/// <param name="Project">That it exists and is not archived is checked before the command is sent.</param>
/// <param name="Priority">Normal where the caller names none.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateTask(
    string Project,
    string Title,
    Priority Priority,
    LabelSet Labels,
    string? Description = null,
    DateTimeOffset? Due = null) : TaskCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RenameTask(string Title) : TaskCommand;

/// <param name="Description">Null or empty: none.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DescribeTask(string? Description = null) : TaskCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PrioritizeTask(Priority Priority) : TaskCommand;

/// <param name="Due">Null clears it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScheduleTask(DateTimeOffset? Due = null) : TaskCommand;

/// <summary>Removes, then adds: a label named in both stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LabelTask(LabelSet Add, LabelSet Remove) : TaskCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AssignTask(string User) : TaskCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UnassignTask : TaskCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CommentOnTask(string Text) : TaskCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StartTask : TaskCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CompleteTask : TaskCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReopenTask : TaskCommand;

/// <param name="Project">That it exists and is not archived is checked before the command is sent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MoveTask(string Project) : TaskCommand;

/// <summary>For good: the id is not used again.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeleteTask : TaskCommand;

/// <summary>A read: unchanged if the task exists, else task/not-found or task/deleted.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GetTask : TaskCommand;

/// <summary>The project was archived. A task of another project by now stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record FreezeTask(string Project) : TaskCommand;

/// <summary>The project was restored, or the task left it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UnfreezeTask(string Project) : TaskCommand;

/// <summary>The due time has come.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RemindTask : TaskCommand;
