using AkkaScale.Domain.TaskBuckets;

namespace AkkaScale.Domain.Tasks;

/// <summary>What a task tells its project: where it is now and where it is no more.</summary>
public static class TaskMessages
{
    /// <param name="before">The state that the event changed.</param>
    public static IEnumerable<Message> Of(TaskState before, TaskEvent e, string id) => e switch
    {
        TaskCreated created => [To(created.Project, id, new AdmitTask(id))],
        TaskMoved moved => [To(before.Project, id, new DismissTask(id)), To(moved.Project, id, new AdmitTask(id))],
        TaskDeleted => [To(before.Project, id, new DismissTask(id))],
        _ => [],
    };

    private static Message To(string project, string task, TaskBucketCommand command) =>
        new(TaskBucketEntity.Kind, TaskBucketId.Of(project, task), command);
}
