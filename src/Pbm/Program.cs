using AkkaScale.Pbm.CommandLine;

return await PbmProgram.RunAsync(args).ConfigureAwait(false);
