using AkkaScale.Domain.Projects;
using AkkaScale.Entities;
using AkkaScale.Gateway.Requests;

namespace AkkaScale.Gateway.Routing;

/// <summary>
/// Sends commands that a project must agree to: it must exist and not be archived, which a linearizable read finds out first.
/// </summary>
/// <remarks>
/// A project's refusal does not end the matter. The command may be a copy of one that was done while the project still took tasks, and its sender must get the
/// first answer again. So the refusal travels with the command, and the entity gives it only if it does not remember the command; it then remembers the
/// refusal like one of its own.
/// </remarks>
internal sealed class ProjectGuard(IEntityClient entities)
{
    public async ValueTask<EntityReply> AskAsync(
        EntityCommand ask, string project, CommandRoute route, Deadline deadline, CancellationToken cancellationToken)
    {
        var allowed = await ReadAsync(new(ProjectEntity.Kind, project), new CheckProjectTakesTasks(), deadline, cancellationToken);
        if (allowed.Status == ReplyStatus.Refused)
        {
            var exists = route.Creates && await ExistsAsync(ask.Entity, route.Resource, deadline, cancellationToken);

            // What exists is not created again, whatever its project: it answers "unchanged", "exists" or "deleted" by itself. Existence never ends, so
            // nothing can come between this read and the command.
            ask = exists ? ask : ask with { Precondition = new(allowed.Code, allowed.Detail) };
        }
        else if (!allowed.IsSuccess)
        {
            // The project's version is no version of the addressed entity.
            return allowed with { Version = -1 };
        }

        return deadline.Remaining is { Ticks: > 0 } remaining
            ? await entities.AskAsync(ask with { Timeout = remaining }, cancellationToken)
            : new(ReplyStatus.DeadlineExceeded, "", "The time ran out before the command was sent; repeat with the same Idempotency-Key.", -1, false, false, null);
    }

    private async ValueTask<bool> ExistsAsync(EntityKey entity, Resource resource, Deadline deadline, CancellationToken cancellationToken)
    {
        var reply = await ReadAsync(entity, resource.Read, deadline, cancellationToken);
        return reply.IsSuccess || (reply.Status == ReplyStatus.Refused && reply.Version > 0);
    }

    private ValueTask<EntityReply> ReadAsync(EntityKey entity, object read, Deadline deadline, CancellationToken cancellationToken) =>
        entities.AskAsync(
            new(entity, read) { IsRead = true, Timeout = deadline.Remaining is { Ticks: > 0 } remaining ? remaining : TimeSpan.FromTicks(1) },
            cancellationToken);
}
