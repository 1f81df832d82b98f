namespace AkkaScale.Pbm.Load.Model;

/// <summary>A user as it must be read back; its version stays 1 because a trace never renames one.</summary>
public sealed record ModelUser(string Id, string Name);

/// <summary>A project as it must be read back; its version stays 1 because a trace never changes one.</summary>
public sealed record ModelProject(string Id, string Name, string Owner);

/// <param name="Version">The task's version when the comment was appended: the comment's identity.</param>
public readonly record struct ModelComment(long Version, string Author, string Text);

/// <summary>A task as it must be read back. Changed by <see cref="ReferenceModel"/> alone.</summary>
public sealed class ModelTask(string id, string project, string title, string createdBy)
{
    private readonly List<ModelComment> _comments = [];

    public string Id { get; } = id;

    public string CreatedBy { get; } = createdBy;

    public string Project { get; internal set; } = project;

    public string Title { get; internal set; } = title;

    public bool Done { get; internal set; }

    /// <summary>The number of its events.</summary>
    public long Version { get; internal set; } = 1;

    public IReadOnlyList<ModelComment> Comments => _comments;

    internal void Add(ModelComment comment) => _comments.Add(comment);
}
