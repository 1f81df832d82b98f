namespace AkkaScale.Domain.TaskBuckets;

/// <summary>A bucket as operators see it; its tasks are counted, not listed: no answer grows with a project.</summary>
/// <param name="Told">Every task knows whether the project is archived, or a message to it is on its way.</param>
public sealed record TaskBucketView(string Id, long Version, string Project, bool Archived, bool Told, int Tasks);
