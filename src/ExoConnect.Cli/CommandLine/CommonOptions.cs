using System.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Diagnostics;

namespace ExoConnect.Cli.CommandLine;

/// <summary>The options that every command has.</summary>
internal sealed class CommonOptions
{
    private readonly Option<bool> _verbose = OptionTypes.Switch("--verbose", "Tell on standard error what is done: requests, their ids and times.");
    private readonly Option<string> _log = OptionTypes.Text(
        "--log", "DIR", "Write a log into this folder: a file for each connection, a line of JSON for each operation.");

    private readonly Option<LogLevel?> _level = OptionTypes.Choice(
        "--log-level", "With --log: all tells the values of parameters too, but for secrets, and the texts of errors. Default: default.",
        ("default", LogLevel.Default), ("all", LogLevel.All));

    /// <summary>All common options.</summary>
    public IReadOnlyList<Option> All => [_verbose, _log, _level];

    /// <summary>Whether to write steps.</summary>
    public bool IsVerbose(ParseResult parsed) => parsed.GetValue(_verbose);

    /// <summary>The log's options; null for no log.</summary>
    public LogOptions? Log(ParseResult parsed, CliHost host) => parsed.GetValue(_log) is { } folder
        ? new LogOptions { Folder = UserPath.Full(folder, host), Level = parsed.GetValue(_level) ?? LogLevel.Default }
        : null;
}
