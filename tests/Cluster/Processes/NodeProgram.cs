using System.Runtime.InteropServices;
using System.Text.Json;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Hosting;

namespace AkkaScale.Tests.Cluster.Processes;

/// <summary>
/// A node process: one request a line on its standard input, one reply a line on its standard output, its log on its standard error. It
/// ends when its input is closed, so that none outlives its test.
/// </summary>
internal sealed class NodeProgram
{
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _output = new();
    private volatile ProbeNode? _node;

    private NodeProgram()
    {
    }

    public static async Task<int> RunAsync(string settings)
    {
        var program = new NodeProgram();

        // On a thread of its own: it must end the process though the pool hangs.
        new Thread(program.ReadRequests) { IsBackground = true, Name = "requests" }.Start();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, program.OnTerminated);
        try
        {
            program._node = await ProbeNode.StartProcessAsync(
                JsonSerializer.Deserialize<ProbeNodeSettings>(settings)!, static line => Console.Error.WriteLine(line));
        }
        catch (ClusterRefusedException refused)
        {
            await Console.Error.WriteLineAsync($"Refused: {refused.Message}");
            return (int)NodeEnd.Refused;
        }

        program.Reply(0, program._node.Membership.Incarnation);
        return await program._exit.Task;
    }

    private void OnTerminated(PosixSignalContext context)
    {
        context.Cancel = true;
        _ = Task.Run(LeaveAsync);
    }

    private async Task LeaveAsync()
    {
        if (_node is { } node)
        {
            await node.LeaveAsync();
        }

        _exit.TrySetResult(0);
    }

    private void ReadRequests()
    {
        while (Console.In.ReadLine() is { } line)
        {
            var request = JsonSerializer.Deserialize<NodeRequest>(line)!;
            if (request.Verb == NodeVerb.Hang)
            {
                ThreadPoolBlock.Begin();
                Reply(request.Number, true);
            }
            else
            {
                _ = Task.Run(() => AnswerAsync(request));
            }
        }

        ProcessSignal.Send(Environment.ProcessId, ProcessSignal.Kill);
    }

    private async Task AnswerAsync(NodeRequest request)
    {
        try
        {
            Reply(request.Number, await CarryOutAsync(_node ?? throw new InvalidOperationException("It has not started."), request));
        }
        catch (Exception error)
        {
            Write(new NodeReply(request.Number, null, error.Message));
        }
    }

    private async Task<object?> CarryOutAsync(ProbeNode node, NodeRequest request)
    {
        switch (request.Verb)
        {
            case NodeVerb.Note:
                return await node.NoteAsync(request.Entity!, request.CommandId!, request.Within);
            case NodeVerb.Read:
                return await node.ReadAsync(request.Entity!, request.Within);
            case NodeVerb.Report:
                return await node.ReportAsync(request.Within);
            case NodeVerb.Cut:
                await node.CutAsync(request.Peer!, request.Direction);
                return true;
            case NodeVerb.Heal:
                await node.HealAsync(request.Peer!);
                return true;
            case NodeVerb.Leave:
                await LeaveAsync();
                return true;
            default:
                throw new InvalidOperationException($"There is no verb {request.Verb}.");
        }
    }

    private void Reply(int number, object? value) =>
        Write(new NodeReply(number, value is null ? null : JsonSerializer.SerializeToElement(value, value.GetType()), null));

    private void Write(NodeReply reply)
    {
        lock (_output)
        {
            Console.Out.WriteLine(NodeReply.Prefix + JsonSerializer.Serialize(reply));
            Console.Out.Flush();
        }
    }
}
