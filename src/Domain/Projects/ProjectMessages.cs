using AkkaScale.Domain.TaskBuckets;

namespace AkkaScale.Domain.Projects;

/// <summary>What a project tells the buckets that know its tasks.</summary>
public static class ProjectMessages
{
    /// <param name="before">The state that the event changed.</param>
    public static IEnumerable<Message> Of(ProjectState before, ProjectEvent e, string id) => e switch
    {
        ProjectArchived => ToAll(id, new ArchiveBucket()),
        ProjectRestored => ToAll(id, new RestoreBucket()),
        _ => [],
    };

    private static IEnumerable<Message> ToAll(string project, TaskBucketCommand command) =>
        TaskBucketId.AllOf(project).Select(bucket => new Message(TaskBucketEntity.Kind, bucket, command));
}
