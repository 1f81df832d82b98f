using Akka.Actor;
using AkkaScale.Management.Inspection;
using AkkaScale.Management.Reports;

namespace AkkaScale.Management.Nodes;

/// <summary>Asks the <see cref="ManagementActor"/> of this or another node. Null: it did not answer in time.</summary>
internal sealed class ManagedNodes(SystemInspection inspection)
{
    private static readonly TimeSpan ReportPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OrderPatience = TimeSpan.FromSeconds(2);

    /// <param name="address">Of the node's remoting, as Akka writes it.</param>
    public async Task<NodeReport?> ReportAsync(string address, CancellationToken cancellationToken) =>
        (await AskAsync<ReportAnswer>(address, new AskReport(), ReportPatience, cancellationToken))?.Report;

    public Task<DrillReadiness?> DrillAsync(string address, OrderDrill order, CancellationToken cancellationToken) =>
        AskAsync<DrillReadiness>(address, order, OrderPatience, cancellationToken);

    public Task<LogAnswer?> LogAsync(string address, AskLog ask, CancellationToken cancellationToken) =>
        AskAsync<LogAnswer>(address, ask, OrderPatience, cancellationToken);

    public Task<LogLevelState?> LogLevelAsync(string address, OrderLogLevel order, CancellationToken cancellationToken) =>
        AskAsync<LogLevelState>(address, order, OrderPatience, cancellationToken);

    private async Task<T?> AskAsync<T>(string address, IManagementMessage question, TimeSpan patience, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await inspection.System().ActorSelection($"{address}/user/{ManagementActor.Name}").Ask<T>(question, patience, cancellationToken);
        }
        catch (Exception silence) when (silence is AskTimeoutException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
