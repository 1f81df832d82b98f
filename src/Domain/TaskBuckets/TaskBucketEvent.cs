using System.Text.Json.Serialization;

namespace AkkaScale.Domain.TaskBuckets;

/// <summary>
/// What happened to a bucket. A name with its version is stored with every event: never change one, add the next version.
/// </summary>
/// <param name="By">Who did what caused it.</param>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TaskAdmitted), "taskAdmitted")]
[JsonDerivedType(typeof(TaskDismissed), "taskDismissed")]
[JsonDerivedType(typeof(BucketArchived), "archived")]
[JsonDerivedType(typeof(BucketRestored), "restored")]
[JsonDerivedType(typeof(TasksTold), "tasksTold")]
public abstract record TaskBucketEvent(string By);

public sealed record TaskAdmitted(string Task, string By) : TaskBucketEvent(By);

public sealed record TaskDismissed(string Task, string By) : TaskBucketEvent(By);

public sealed record BucketArchived(string By) : TaskBucketEvent(By);

public sealed record BucketRestored(string By) : TaskBucketEvent(By);

/// <summary>The tasks up to this one, in ordinal order, were told whether the project is archived.</summary>
public sealed record TasksTold(string Through, string By) : TaskBucketEvent(By);
