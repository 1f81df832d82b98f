namespace AkkaScale.Entities;

/// <summary>Sends commands and reads to entities wherever they live. Thread-safe. Retries under one command id until the deadline.</summary>
public interface IEntityClient
{
    /// <summary>Never throws for the cluster's sake: every outcome is an <see cref="EntityReply"/>.</summary>
    /// <exception cref="ArgumentException">Unknown kind, or a command of another type than the kind's.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the outcome is unknown.</exception>
    ValueTask<EntityReply> AskAsync(EntityCommand command, CancellationToken cancellationToken);
}
