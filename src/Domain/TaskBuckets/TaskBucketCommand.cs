using System.Text.Json.Serialization;

namespace AkkaScale.Domain.TaskBuckets;

/// <summary>
/// Everything that can be asked of a bucket, by messages of tasks, projects and the bucket itself. The names are part of the wire between nodes: never
/// change one.
/// </summary>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(AdmitTask), "admit")]
[JsonDerivedType(typeof(DismissTask), "dismiss")]
[JsonDerivedType(typeof(ArchiveBucket), "archive")]
[JsonDerivedType(typeof(RestoreBucket), "restore")]
[JsonDerivedType(typeof(ContinueTelling), "continueTelling")]
[JsonDerivedType(typeof(GetTaskBucket), "get")]
public abstract record TaskBucketCommand;

/// <summary>The task was created in the project or moved to it. One that is known: unchanged.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AdmitTask(string Task) : TaskBucketCommand;

/// <summary>The task was deleted or moved away. One that is not known: unchanged.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DismissTask(string Task) : TaskBucketCommand;

/// <summary>The project was archived.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ArchiveBucket : TaskBucketCommand;

/// <summary>The project was restored.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RestoreBucket : TaskBucketCommand;

/// <summary>From the bucket to itself: tell the next tasks. Of a round or a place that is past: unchanged.</summary>
/// <param name="Round">Which archiving or restoring it belongs to.</param>
/// <param name="After">The last task that was told.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ContinueTelling(long Round, string After) : TaskBucketCommand;

/// <summary>A read: unchanged.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GetTaskBucket : TaskBucketCommand;
