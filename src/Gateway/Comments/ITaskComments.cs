namespace AkkaScale.Gateway.Comments;

/// <summary>Reads comments where they are stored: no state of a task holds them. Registered by whoever composes a node.</summary>
public interface ITaskComments
{
    /// <summary>
    /// The comments of one task above version <paramref name="after"/> and up to version <paramref name="upTo"/>, in order; at most
    /// <paramref name="limit"/>, and fewer where they are large.
    /// </summary>
    /// <param name="upTo">A version that an answer of the task has shown: everything up to it is stored.</param>
    /// <returns>Null: the store cannot be read now.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    Task<CommentPage?> ReadAsync(string task, long after, long upTo, int limit, CancellationToken cancellationToken);
}

/// <summary>A page of comments.</summary>
/// <param name="Items">In order of their versions.</param>
/// <param name="Next">The version to go on after; null: there is no more.</param>
public sealed record CommentPage(IReadOnlyList<TaskComment> Items, long? Next);

/// <summary>One comment.</summary>
/// <param name="Version">The task's version that the comment made.</param>
/// <param name="At">In UTC.</param>
public sealed record TaskComment(long Version, string Author, string Text, DateTimeOffset At);
