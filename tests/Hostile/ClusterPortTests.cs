using System.Text;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacyCluster.Transport.Control;
using AkkaScale.LegacyCluster.Transport.Handshake;
using AkkaScale.TestKit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Hostile;

/// <summary>Strangers, impostors and traitors on the cluster port: each loses his connection, and nobody else loses anything.</summary>
[Collection(Arena.Collection)]
public sealed class ClusterPortTests(Arena arena, ITestOutputHelper output)
{
    private const string ProtocolErrors = "akkascale_transport_protocol_errors_total";
    private const string RefusedHandshakes = "akkascale_transport_handshakes_refused_total";

    private static readonly TimeSpan RejoinBound = TimeSpan.FromSeconds(40);

    /// <summary>Some of the periods in which one refusal of a kind is told.</summary>
    private static readonly TimeSpan LogPeriods = TimeSpan.FromSeconds(90);

    private int Port => arena.Target.Settings.ClusterPort;

    private static IEnumerable<(string What, byte[] Bytes, string Reason)> BadFrames(ulong next)
    {
        yield return ("length −1", [.. BitConverter.GetBytes(-1), 0x10], "length_too_large");
        yield return ("length 2³¹", [.. BitConverter.GetBytes(0x80000000u), 0x10], "length_too_large");
        yield return ("length 2³¹−1", BitConverter.GetBytes(int.MaxValue), "length_too_large");
        yield return ("length over the bound", BitConverter.GetBytes((4 * 1024 * 1024) + 1), "length_too_large");
        yield return ("length 0", BitConverter.GetBytes(0), "length_too_small");
        yield return ("length below a header", BitConverter.GetBytes(12), "length_too_small");
        yield return ("a type the transport does not have", FramePeer.Frame((FrameType)0x0E, next, []), "unknown_type");
        yield return ("type zero", FramePeer.Frame(0, next, []), "unknown_type");
        yield return ("sequence repeated", FramePeer.Frame(FrameType.Ping, next - 1, []), "out_of_sequence");
        yield return ("sequence skipped", FramePeer.Frame(FrameType.Ping, next + 1, []), "out_of_sequence");
        yield return ("sequence at its end", FramePeer.Frame(FrameType.Ping, ulong.MaxValue, []), "out_of_sequence");
        yield return ("an HTTP request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), "length_too_large");
        yield return ("an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), "length_too_large");
        yield return ("a TLS hello", [0x16, 0x03, 0x01, 0x02, 0x00, .. new byte[60]], "");
        yield return ("zeros", new byte[4096], "length_too_small");
        var random = new Random(20_240);
        for (var round = 0; round < 8; round++)
        {
            var garbage = new byte[random.Next(64, 64 * 1024)];
            random.NextBytes(garbage);
            garbage[3] |= 0x40; // a length no frame has
            yield return ($"garbage {round}", garbage, "length_too_large");
        }
    }

    [Fact]
    public Task A_stranger_with_bad_frames_is_closed_and_counted() => arena.EndureAsync("bad frames of a stranger", output, async () =>
    {
        var cases = BadFrames(2).ToList();
        foreach (var (what, bytes, reason) in cases.Append(("a frame that ends early", [.. BitConverter.GetBytes(100), 1, 0, 0], "truncated")))
        {
            var counted = reason is "" ? 0 : await Metrics.SumAsync(arena.Target, ProtocolErrors, $"reason=\"{reason}\"");
            using var peer = await FramePeer.ConnectAsync(Port);
            await peer.SendRawAsync(bytes);
            if (reason == "truncated")
            {
                peer.FinishSending();
            }

            await peer.ShouldBeClosedAsync(what);
            if (reason.Length > 0)
            {
                await Metrics.ReachesAsync(arena.Target, counted + 1, ProtocolErrors, $"reason=\"{reason}\"");
            }
        }

        Figures.Write(output, $"bad frames of a stranger: {cases.Count + 1} cases");
    });

    [Fact]
    public Task A_traitor_with_bad_frames_is_closed_and_counted() => arena.EndureAsync("bad frames within an authenticated connection", output, async () =>
    {
        var node = await TargetAsync();
        var cases = BadFrames(2).Concat(
        [
            ("handshake again", FramePeer.Frame(FrameType.Hello, 2, []), "unexpected_type"),
            ("a welcome", FramePeer.Frame(FrameType.Welcome, 2, []), "unexpected_type"),
            ("an ask without an end", FramePeer.Frame(FrameType.Ask, 2, new byte[20]), "malformed_payload"),
            ("an answer to nothing, of a kind there is not", FramePeer.Frame(FrameType.Reply, 2, [0, 0, 0, 0, 0, 0, 0, 1, 99]), "malformed_payload"),
            ("loads of more shards than follow", FramePeer.Frame(FrameType.LoadReport, 2, [0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF]), "malformed_payload"),
            ("half a handoff", FramePeer.Frame(FrameType.HandoffOffer, 2, [0xFF, 0xFF]), "malformed_payload"),
            ("a question about nothing", FramePeer.Frame(FrameType.RegionStatsRequest, 2, [1]), "malformed_payload"),
        ]).ToList();
        foreach (var (what, bytes, reason) in cases)
        {
            var counted = reason is "" ? 0 : await Metrics.SumAsync(arena.Target, ProtocolErrors, $"reason=\"{reason}\"");
            using var peer = await FramePeer.AuthenticatedAsync(Port, node);
            await peer.SendRawAsync(bytes);
            await peer.ShouldBeClosedAsync(what);
            if (reason.Length > 0)
            {
                await Metrics.ReachesAsync(arena.Target, counted + 1, ProtocolErrors, $"reason=\"{reason}\"");
            }
        }

        Figures.Write(output, $"bad frames within an authenticated connection: {cases.Count} cases");
    });

    [Theory]
    [InlineData("", Arena.ClusterName, RefusalReason.WrongProof, "wrong_proof")]
    [InlineData("another secret altogether", Arena.ClusterName, RefusalReason.WrongProof, "wrong_proof")]
    [InlineData(Arena.Secret, "another cluster", RefusalReason.OtherCluster, "other_cluster")]
    public Task Who_does_not_belong_here_is_refused_and_told_of(string secret, string cluster, object reason, string name) =>
        arena.EndureAsync($"peer with {(secret.Length == 0 ? "no secret" : secret == Arena.Secret ? "another cluster's name" : "a wrong secret")}", output, async () =>
        {
            var refused = await Metrics.SumAsync(arena.Target, RefusedHandshakes, $"reason=\"{name}\"");
            await KnockAsync();
            await Metrics.ReachesAsync(arena.Target, refused + 1, RefusedHandshakes, $"reason=\"{name}\"");

            // The log says so once a period, and a flood of other refusals may have had this period's word: whoever goes on trying is told of.
            await Eventually.Holds("the refusal is in the log", LogPeriods, async () =>
            {
                if (arena.Target.Log.Contains($"from 127.0.0.1 was refused, {name}", StringComparison.Ordinal))
                {
                    return null;
                }

                await KnockAsync();
                return arena.Target.Tail();
            });
            Assert.DoesNotContain(Arena.Secret, string.Concat(arena.Cluster.Nodes.Select(LogWithoutCommandLine)));

            async Task KnockAsync()
            {
                using var peer = await FramePeer.ConnectAsync(Port);
                var (result, _, _) = await peer.ShakeHandsAsync(await TargetAsync(), secret, cluster);
                Assert.Equal(new HandshakeResult.RefusedByPeer((RefusalReason)reason), result);
                await peer.ShouldBeClosedAsync("a refusal");
            }
        });

    /// <summary>What comes before the proof is not even looked at: the same frame closes the connection, whatever it holds.</summary>
    [Fact]
    public Task Nothing_is_parsed_before_the_proof() => arena.EndureAsync("frames before the handshake", output, async () =>
    {
        var node = await TargetAsync();
        foreach (var type in Enum.GetValues<FrameType>().Where(type => type != FrameType.Hello))
        {
            using var early = await FramePeer.ConnectAsync(Port);
            await early.SendAsync(type, AskBytes.Read("user", "x"));
            await early.ShouldBeClosedAsync($"a {type} first");

            using var between = await FramePeer.ConnectAsync(Port);
            await between.SendAsync(FrameType.Hello, new DialerHandshake(new HandshakeIdentity(between.Self, Arena.ClusterName, ""), node, HandshakeTranscript.NewNonce()).Hello());
            await between.ReceiveAsync();
            await between.SendAsync(type, AskBytes.Read("user", "x"));
            await between.ShouldBeClosedAsync($"a {type} in place of the proof");
        }
    });

    [Fact]
    public Task A_recorded_handshake_is_worthless_and_a_reflected_one_too() => arena.EndureAsync("handshake replayed and reflected", output, async () =>
    {
        var node = await TargetAsync();
        using var first = await FramePeer.ConnectAsync(Port);
        var (result, hello, proof) = await first.ShakeHandsAsync(node);
        Assert.IsType<HandshakeResult.Authenticated>(result);

        using var replay = await FramePeer.ConnectAsync(Port, first.Self);
        await replay.SendAsync(FrameType.Hello, hello);
        await replay.ReceiveAsync();
        await replay.SendAsync(FrameType.Proof, proof!);
        var (type, payload) = await replay.ReceiveAsync();
        Assert.Equal(FrameType.Refusal, type);
        Assert.Equal(new HandshakeResult.RefusedByPeer(RefusalReason.WrongProof), DialerHandshake.OnRefusal(payload));
        await replay.ShouldBeClosedAsync("a replay");

        // The node's own code over the same handshake, sent back to it: only the direction differs.
        using var reflecting = await FramePeer.ConnectAsync(Port);
        var nonce = HandshakeTranscript.NewNonce();
        var machine = new DialerHandshake(new HandshakeIdentity(reflecting.Self, Arena.ClusterName, Arena.Secret), node, nonce);
        await reflecting.SendAsync(FrameType.Hello, machine.Hello());
        (_, payload) = await reflecting.ReceiveAsync();
        var challenge = Challenge.Parser.ParseFrom(payload);
        var transcript = new HandshakeTranscript(
            reflecting.Self, node, nonce, challenge.Nonce.Memory, Arena.ClusterName);
        await reflecting.SendAsync(FrameType.Proof, new Proof { Mac = Google.Protobuf.ByteString.CopyFrom(transcript.ListenerMac(Encoding.UTF8.GetBytes(Arena.Secret))) });
        (type, _) = await reflecting.ReceiveAsync();
        Assert.Equal(FrameType.Refusal, type);

        // The true connection has not fallen with them.
        await first.SendAsync(FrameType.RegionStatsRequest, [0, 0, 0, 0, 0, 0, 0, 9]);
        (type, _) = await first.ReceiveAsync();
        Assert.Equal(FrameType.RegionStats, type);
    });

    [Fact]
    public Task Numbers_at_their_limits_never_wrap() => arena.EndureAsync("numbers at their limits in frames", output, async () =>
    {
        var node = await TargetAsync();
        var cases = 0;
        foreach (var expected in (long[])[long.MinValue, -1, long.MaxValue])
        {
            foreach (var remaining in (int[])[int.MinValue, -1, 0, int.MaxValue])
            {
                foreach (var attempt in (ushort[])[0, ushort.MaxValue])
                {
                    using var peer = await FramePeer.AuthenticatedAsync(Port, node);
                    await peer.SendAsync(FrameType.Ask, AskBytes.Rename("nobody", "limits", expected, remaining, attempt, ulong.MaxValue));
                    if (remaining < 0)
                    {
                        await peer.ShouldBeClosedAsync($"a deadline of {remaining} ms");
                    }
                    else
                    {
                        // Refused, not the owner, or too late; in no case taken.
                        var (type, payload) = await peer.ReceiveAsync();
                        Assert.Equal(FrameType.Reply, type);
                        Assert.False(AskBytes.IsSuccess(payload), Convert.ToHexString(payload.ToArrayOf()));
                    }

                    cases++;
                }
            }
        }

        Figures.Write(output, $"numbers at their limits in frames: {cases} cases");
    });

    /// <summary>Last of its life, a member is declared down: whoever then speaks in its name is refused, and who calls it by its old name too.</summary>
    [Fact]
    public async Task An_old_incarnation_is_refused()
    {
        var victim = arena.Cluster.Node("node-3");
        var old = Incarnation.Parse(await arena.Cluster.IncarnationAsync(victim));
        using (var management = arena.Cluster.Management(but: victim))
        {
            await management.OrderAsync("node-3", "Down");
        }

        await Eventually.Holds("node-3 is up again as another incarnation", RejoinBound, async () =>
        {
            using var management = arena.Cluster.Management(but: victim);
            var member = (await management.MembersAsync()).FirstOrDefault(member => member.Name == "node-3" && member.Status == "Up");
            return member is not null && member.NodeUid != old.ToString() ? null : member?.ToString() ?? "it is not up";
        });
        await arena.Cluster.WaitUntilBalanced(RejoinBound);

        await arena.EndureAsync("frames of an old incarnation", output, async () =>
        {
            var node = await TargetAsync();
            using var ghost = await FramePeer.ConnectAsync(Port, old);
            var (result, _, _) = await ghost.ShakeHandsAsync(node);
            Assert.Equal(new HandshakeResult.RefusedByPeer(RefusalReason.CallerGone), result);
            await ghost.ShouldBeClosedAsync("a ghost");

            using var caller = await FramePeer.ConnectAsync(victim.Settings.ClusterPort);
            (result, _, _) = await caller.ShakeHandsAsync(old);
            Assert.Equal(new HandshakeResult.RefusedByPeer(RefusalReason.OtherIncarnation), result);

            using var itself = await FramePeer.ConnectAsync(Port, node);
            (result, _, _) = await itself.ShakeHandsAsync(node);
            Assert.Equal(new HandshakeResult.RefusedByPeer(RefusalReason.CallerGone), result);
        });
    }

    private async Task<Incarnation> TargetAsync() => Incarnation.Parse(await arena.Cluster.IncarnationAsync(arena.Target));

    private static string LogWithoutCommandLine(TestKit.Processes.NodeProcess node) => node.Log[(node.Log.IndexOf('\n') + 1)..];
}
